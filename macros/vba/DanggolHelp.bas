Option Explicit

' What the function wizard says about each function: category, description, arguments.

Private Registered As Boolean

Public Sub RegisterHelp()
    Dim row As Long
    Dim name As String
    Dim arguments As String
    If Registered Then Exit Sub
    If ActiveWorkbook Is Nothing Then Exit Sub
    On Error GoTo later
    row = 1
    Do While ThisWorkbook.Worksheets(1).Cells(row, 1).Value <> ""
        name = ThisWorkbook.Worksheets(1).Cells(row, 1).Value
        If Left$(name, 4) = "CRM_" Then
            arguments = DanggolWords.Word(name, 2)
            If arguments = "" Then
                Application.MacroOptions Macro:="'" & ThisWorkbook.Name & "'!" & name, _
                    Description:=DanggolWords.Word(name), Category:="danggol"
            Else
                Application.MacroOptions Macro:="'" & ThisWorkbook.Name & "'!" & name, _
                    Description:=DanggolWords.Word(name), Category:="danggol", _
                    ArgumentDescriptions:=Split(arguments, vbLf)
            End If
        End If
        row = row + 1
    Loop
    Registered = True
    Exit Sub
later:
    ' The next workbook that is activated tries again.
    Err.Clear
End Sub
