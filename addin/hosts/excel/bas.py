"""VBA sources: ours from ``macros/vba``, and xlwings' module with the few lines changed that we must answer for.

Each change names the exact text it replaces and how often that stands there; another xlwings that says it otherwise
stops the build, rather than ship an add-in without the change.
"""

from __future__ import annotations

from typing import Final

from addin.errors import DanggolError
from addin.resources import resource

#: xlwings' modules look for their settings under this name: ``%USERPROFILE%\\.danggol\\danggol.conf`` on Windows,
#: ``danggol.conf`` in Excel's container on a Mac. A person's own xlwings settings are neither read nor written.
PROJECT: Final = "danggol"

#: Our standard modules, in the order they are added.
MODULES: Final = ("DanggolWords", "DanggolHelp", "DanggolRun")

_NO_BLANK_PATH: Final = "import sys;sys.path[:]=[p for p in sys.path if p];"

#: (what stands in xlwings' module, how often, what stands in ours)
CHANGES: Final = (
    ('PROJECT_NAME As String = "myaddin"', 1, f'PROJECT_NAME As String = "{PROJECT}"'),
    # A workbook sent by a stranger must not choose which program is run: settings come from the user's own file only,
    # never from a sheet of the workbook or from a file beside it, and neither its folder nor the current one is a
    # place to import Python from.
    ('If source = "" Or source = "sheet" Then', 1, 'If source = "sheet" Then'),
    ('If source = "" Or source = "directory" Then', 1, 'If source = "directory" Then'),
    ('GetConfig("ADD_WORKBOOK_TO_PYTHONPATH", "true")', 2, 'GetConfig("ADD_WORKBOOK_TO_PYTHONPATH", "false")'),
    ('PythonInterpreter & " -B -c ""', 1, 'PythonInterpreter & " -P -B -c ""'),
    (r'PYTHONPATH & "\""); " & PythonCommand', 1, rf'PYTHONPATH & "\""); {_NO_BLANK_PATH} " & PythonCommand'),
    (r'PYTHONPATH & "\"");import xlwings;', 1, rf'PYTHONPATH & "\"");{_NO_BLANK_PATH}import xlwings;'),
    # The server of the formulas starts likewise, and speaks the language the ribbon speaks.
    (
        'tail = " -B -c ""import sys, os;" &',
        1,
        'tail = " -P -B -c ""import sys, os;"'
        " & \"os.environ.setdefault('DANGGOL_LANG','\" & DanggolWords.Language() & \"');\" &",
    ),
    # A sheet called "….py" is a sheet: code inside workbooks is a paid feature of xlwings and no business of ours.
    ("                uses_embedded_code = True\n                Exit For\n", 1, "                Exit For\n"),
    # What a person reads when Python could not start is ours, in their language.
    ('MsgBox "Could not find Interpreter!", vbCritical', 1, "DanggolRun.NoInterpreter"),
    (
        "MsgBox \"To enable RunPython, please run 'xlwings runpython install' in a terminal once and try again.\", "
        "vbCritical",
        1,
        "DanggolRun.MacNotReady",
    ),
    (
        '    If GetConfig("SHOW_ERROR_POPUPS", "True") = "False" Then\n',
        1,
        "    DanggolRun.PythonFailed Content\n    Exit Sub\n\n"
        '    If GetConfig("SHOW_ERROR_POPUPS", "True") = "False" Then\n',
    ),
)


def source(name: str) -> str:
    """One of our modules as it stands in ``macros/vba``, with Windows line ends."""
    suffix = "cls" if name == "ThisWorkbook" else "bas"
    return crlf(resource("macros", "vba", f"{name}.{suffix}").read_text("utf-8"))


def crlf(text: str) -> str:
    """The same lines with Windows line ends.

    >>> crlf("a\\nb\\r\\n")
    'a\\r\\nb\\r\\n'
    """
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def changed(module: str) -> str:
    """xlwings' own module with our `CHANGES`; raises `DanggolError` where a text isn't there as often as we know it."""
    text = module.replace("\r\n", "\n")
    for old, times, new in CHANGES:
        if text.count(old) != times:
            raise DanggolError("excel.other_xlwings", value=old)
        text = text.replace(old, new)
    return crlf(text)
