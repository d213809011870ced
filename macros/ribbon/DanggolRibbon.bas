Option Explicit

' The ribbon's callbacks: one Sub a button, named as the button.
{% for button in buttons %}
Public Sub {{ button.sub }}(control As IRibbonControl)
    DanggolRun.Press "{{ button.id }}"
End Sub
{% endfor %}
Public Sub Label(control As IRibbonControl, ByRef returned As Variant)
    returned = DanggolWords.Word("button." & control.Tag)
End Sub

Public Sub Tip(control As IRibbonControl, ByRef returned As Variant)
    returned = DanggolWords.Word("button." & control.Tag & ".tip")
End Sub
