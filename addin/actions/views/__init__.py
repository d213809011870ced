"""The tabs people see: results → `Tab`, pure. Words come from the catalogue in the book's language."""
