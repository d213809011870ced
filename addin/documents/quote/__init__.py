"""The standard quote (견적서): a frozen record → PDF, HTML, XLSX and the draft of the mail that goes with it."""
