Option Explicit

' One way from a button to Python, and our words for everything that can fail on it.

Private Busy As Boolean

Public Sub Press(ByVal button As String)
    If Busy Then Exit Sub
    If ActiveWorkbook Is Nothing Then
        DanggolWords.Tell "excel.no_workbook"
        Exit Sub
    End If
    Busy = True
    On Error GoTo failed
    Application.StatusBar = DanggolWords.Word("excel.working")
    If RunPython("import addin.hosts.excel.macros as m; m.press('" & button & "', '" & DanggolWords.Language() & "')") = -1 Then
        Application.StatusBar = False
    End If
    Busy = False
    ForgetStatusLater
    Exit Sub
failed:
    Busy = False
    Application.StatusBar = False
    DanggolWords.Tell "excel.failed", Err.Description
End Sub

Public Sub PythonFailed(ByVal log As String)
    ' Shown in place of xlwings' own error window: the last line says what failed, the lines above it are for no one here.
    Dim lines As Variant
    Dim i As Long
    Dim last As String
    lines = Split(Replace(log, vbCr, ""), vbLf)
    For i = LBound(lines) To UBound(lines)
        If Trim$(lines(i)) <> "" Then last = Left$(Trim$(lines(i)), 200)
    Next i
    DanggolWords.Tell "excel.python_failed", last
End Sub

Public Sub NoInterpreter()
    DanggolWords.Tell "excel.no_interpreter"
End Sub

Public Sub MacNotReady()
    DanggolWords.Tell "excel.mac_not_ready"
End Sub

Private Sub ForgetStatusLater()
    On Error Resume Next
    Application.OnTime Now + TimeSerial(0, 0, 20), "'" & ThisWorkbook.Name & "'!DanggolRun.ForgetStatus"
    On Error GoTo 0
End Sub

Public Sub ForgetStatus()
    On Error Resume Next
    If Not Busy Then Application.StatusBar = False
    On Error GoTo 0
End Sub
