Option Explicit

' The ribbon's callbacks: one Sub a button, named as the button.

Public Sub Adopt(control As IRibbonControl)
    DanggolRun.Press "adopt"
End Sub

Public Sub Refresh(control As IRibbonControl)
    DanggolRun.Press "refresh"
End Sub

Public Sub Check(control As IRibbonControl)
    DanggolRun.Press "check"
End Sub

Public Sub Tasks(control As IRibbonControl)
    DanggolRun.Press "tasks"
End Sub

Public Sub Quote(control As IRibbonControl)
    DanggolRun.Press "quote"
End Sub

Public Sub Report(control As IRibbonControl)
    DanggolRun.Press "report"
End Sub

Public Sub Sync(control As IRibbonControl)
    DanggolRun.Press "sync"
End Sub

Public Sub Undo(control As IRibbonControl)
    DanggolRun.Press "undo"
End Sub

Public Sub Settings(control As IRibbonControl)
    DanggolRun.Press "settings"
End Sub

Public Sub Doctor(control As IRibbonControl)
    DanggolRun.Press "doctor"
End Sub

Public Sub Label(control As IRibbonControl, ByRef returned As Variant)
    returned = DanggolWords.Word("button." & control.Tag)
End Sub

Public Sub Tip(control As IRibbonControl, ByRef returned As Variant)
    returned = DanggolWords.Word("button." & control.Tag & ".tip")
End Sub
