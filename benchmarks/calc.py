"""Measure danggol's functions inside a real Calc against empty Python add-in functions; the same run, in turns.

``python benchmarks/calc.py [--cells N] [--rounds N]``. Every formula looks at two ranges of ten cells. Two empty
functions stand beside ours: one that takes its ranges as ours do (as range objects, which is what lets an error cell be
said in words and a whole column be cut), and one that takes plain values, the least a Python add-in costs at all.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from addin.functions import FUNCTIONS, call
from addin.hosts.calc.bridge import signature
from addin.hosts.calc.oxt import build_oxt
from addin.hosts.calc.soffice import Soffice, find_soffice

RANGE, VALUES = "com::sun::star::table::XCellRange", "sequence< sequence< any > >"
IDL = f"""module nothing {{ module calc {{
  interface XNothing : com::sun::star::uno::XInterface {{
    any OBJECTS([in] {RANGE} a, [in] {RANGE} b);
    any PLAIN([in] {VALUES} a, [in] {VALUES} b);
  }};
}}; }};
"""
COMPONENT = """import unohelper
from com.sun.star.lang import Locale, XServiceInfo, XServiceName
from com.sun.star.sheet import XAddIn
from nothing.calc import XNothing


class Empty(unohelper.Base, XNothing, XAddIn, XServiceName, XServiceInfo):
    def __init__(self, context, *_): self.locale = Locale("en", "US", "")
    def OBJECTS(self, a, b): return 1.0
    def PLAIN(self, a, b): return 1.0
    def getProgrammaticFuntionName(self, name): return name
    def getDisplayFunctionName(self, name): return "NOTHING." + name
    def getFunctionDescription(self, name): return ""
    def getDisplayArgumentName(self, name, place): return "a"
    def getArgumentDescription(self, name, place): return ""
    def getProgrammaticCategoryName(self, name): return "Add-In"
    def getDisplayCategoryName(self, name): return "Add-In"
    def setLocale(self, locale): self.locale = locale
    def getLocale(self): return self.locale
    def getServiceName(self): return "NOTHING"
    def getImplementationName(self): return "nothing.Calc"
    def supportsService(self, name): return name in self.getSupportedServiceNames()
    def getSupportedServiceNames(self): return ("com.sun.star.sheet.AddIn", "NOTHING")


g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Empty, "nothing.Calc", ("com.sun.star.sheet.AddIn", "NOTHING"))
"""
KIND = "application/vnd.sun.star.uno"
MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">
<manifest:file-entry manifest:full-path="XNothing.idl" manifest:media-type="{KIND}-typelibrary;type=RDB"/>
<manifest:file-entry manifest:full-path="nothing_addin.py" manifest:media-type="{KIND}-component;type=Python"/>
</manifest:manifest>
"""
DESCRIPTION = """<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006">
<identifier value="nothing.calc"/><version value="1"/></description>
"""
#: What stands in the cells: {0} and {1} are the first and last row of the ten.
FORMULAS = {
    "empty, range objects": "NOTHING.OBJECTS(A{0}:A{1};B{0}:B{1})",
    "empty, plain values": "NOTHING.PLAIN(A{0}:A{1};B{0}:B{1})",
    "CRM.HHI": "CRM.HHI(A{0}:A{1};B{0}:B{1})",
    "CRM.SLOWEST": "CRM.SLOWEST(A{0}:A{1};B{0}:B{1})",
    "CRM.THROUGHPUT": "CRM.THROUGHPUT(A{0}:A{1};B{0}:B{1})",
    "SUM": "SUM(A{0}:B{1})",
}


def empty_oxt(out: Path) -> Path:
    """The empty functions as an extension."""
    parts = {
        "META-INF/manifest.xml": MANIFEST,
        "description.xml": DESCRIPTION,
        "XNothing.idl": IDL,
        "nothing_addin.py": COMPONENT,
    }
    with zipfile.ZipFile(out, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return out


def put_in(profile: Path, *extensions: Path) -> None:
    """``unopkg add`` on a profile; as nobody where we are root, which unopkg refuses."""
    options: dict[str, Any] = {}
    if os.name == "posix" and os.getuid() == 0:
        import pwd

        nobody = pwd.getpwnam("nobody")
        os.chown(profile, nobody.pw_uid, nobody.pw_gid)
        options = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    unopkg = shutil.which("unopkg") or str(Path(find_soffice()).resolve().with_name("unopkg"))
    environment = {"PATH": os.defpath, "HOME": str(profile), "LANG": "C.UTF-8"}
    for extension in extensions:
        extension.chmod(0o644)
    place = f"-env:UserInstallation={profile.as_uri()}"
    command = [unopkg, "add", "-v", "--suppress-license", place, *map(str, extensions)]
    subprocess.run(command, check=True, capture_output=True, timeout=120, env=environment, cwd="/", **options)


def clock(pid: int) -> float:
    """Processor seconds of LibreOffice, so that other programs don't count; wall clock where there is no /proc."""
    path = Path(f"/proc/{pid}/stat")
    if not path.exists():
        return time.perf_counter()
    fields = path.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def seconds(pid: int, document: Any, sheet: Any, formula: str, cells: int) -> float:
    """One hard recalculation of a column of this formula; it is not calculated on entering it, which took as long."""
    column = sheet.getCellRangeByPosition(3, 0, 3, cells - 1)
    document.enableAutomaticCalculation(False)
    column.setFormulaArray(tuple((f"={formula.format(i + 1, i + 10)}",) for i in range(cells)))
    start = clock(pid)
    document.calculateAll()
    took = clock(pid) - start
    answers = column.getDataArray()
    assert all(row[0] not in (None, "") for row in answers), (formula, column.getCellByPosition(0, 0).String)
    column.clearContents(1023)
    return took


def measure(cells: int, rounds: int) -> dict[str, float]:
    """Processor microseconds a call, the median of the rounds, all formulas in turns."""
    folder = Path(tempfile.mkdtemp(prefix="danggol-bench-"))
    folder.chmod(0o755)
    profile = folder / "profile"
    profile.mkdir()
    try:
        put_in(profile, build_oxt(folder), empty_oxt(folder / "empty.oxt"))
        with Soffice.start(profile, environment={"PATH": os.defpath}, call_timeout=600) as office:
            document = office.new_document(time.monotonic() + 60)
            sheet = document.Sheets.getByIndex(0)
            data = tuple((f"업체 {i % 7}", float(1 + i % 90)) for i in range(cells + 10))
            sheet.getCellRangeByName(f"A1:B{cells + 10}").setDataArray(data)
            took: dict[str, list[float]] = {name: [] for name in FORMULAS}
            for _ in range(rounds):
                for name, formula in FORMULAS.items():
                    took[name].append(seconds(office.pid, document, sheet, formula, cells))
            document.close(True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {name: median(each) / cells * 1e6 for name, each in took.items()}


def inside(id: str) -> float:
    """Microseconds of the function itself over the same data, outside Calc."""
    names = tuple((f"업체 {i % 7}",) for i in range(10))
    numbers = tuple((float(1 + i),) for i in range(10))
    start = time.process_time()
    for _ in range(2000):
        call(id, names, numbers)
    return (time.process_time() - start) / 2000 * 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    found = measure(chosen.cells, chosen.rounds)
    objects, plain = found["empty, range objects"], found["empty, plain values"]
    print(f"{chosen.cells:,} cells over two ranges of ten, median of {chosen.rounds}; load {os.getloadavg()[0]:.1f}")
    print(f"{'':24}{'µs a call':>10}{'of it ours':>12}{'× empty, same arguments':>26}{'× empty, plain values':>24}")
    for name, each in found.items():
        id = name.removeprefix("CRM.")
        own = f"{inside(id):.0f}" if id in FUNCTIONS else ""
        print(f"{name:24}{each:>10.1f}{own:>12}{each / objects:>26.2f}{each / plain:>24.2f}")
    assert signature(FUNCTIONS["HHI"])[1][0][1] == RANGE


if __name__ == "__main__":
    main()
