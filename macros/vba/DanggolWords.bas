Option Explicit

' Every word people see stands in the sheet of this add-in (id, Korean, English), written there from the one catalogue:
' VBA source holds no Korean, so it reads the same under every Windows code page.

Private Const UI_LANGUAGE As Long = 2
Private Const ENGLISH As Long = 9

Public Function Language() As String
    ' Korean, unless Office itself speaks English.
    Dim ui As Long
    Language = "ko"
    On Error Resume Next
    ui = Application.LanguageSettings.LanguageID(UI_LANGUAGE)
    If (ui And &H3FF) = ENGLISH Then Language = "en"
    On Error GoTo 0
End Function

Public Function Word(ByVal id As String, Optional ByVal offset As Long = 0) As String
    ' One text by its id; offset 2 is the next pair of columns (the help of a function's arguments).
    Dim row As Variant
    Dim column As Long
    Word = id
    On Error Resume Next
    row = Application.Match(id, ThisWorkbook.Worksheets(1).Columns(1), 0)
    If Not IsError(row) Then
        column = 2 + offset
        If Language() = "en" Then column = column + 1
        Word = CStr(ThisWorkbook.Worksheets(1).Cells(row, column).Value)
    End If
    On Error GoTo 0
End Function

Public Sub Tell(ByVal id As String, Optional ByVal more As String = "")
    Dim text As String
    text = Word(id)
    If more <> "" Then text = text & vbNewLine & vbNewLine & more
    MsgBox text, vbExclamation, "danggol"
End Sub

Public Function Trouble() As String
    ' What a cell shows when Python could not be asked at all; why, the doctor finds out.
    #If Mac Then
        Trouble = Word("excel.functions_windows_only")
    #Else
        Trouble = Word("excel.no_python_in_cell")
    #End If
End Function
