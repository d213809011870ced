"""The report's page in a real browser: it fits a phone, asks nobody for anything, and prints."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import polars as pl
import pytest

from addin.crm.funnel import funnel
from addin.crm.funnel_steps import parse_steps
from addin.crm.report import KpiLine, PartnerReport
from addin.crm.report_defects import Defect, Defects
from addin.crm.report_sides import Reciprocity
from addin.crm.report_trends import trend
from addin.documents.report.face import face
from addin.documents.report.make import make
from tests.programs import program

if TYPE_CHECKING:
    from pathlib import Path

PHONE, DESK = 360, 1000

#: A page that looks at the report through a window of one width and writes down what it sees.
_FRAME = """<!doctype html><iframe id="f" src="{page}" style="width:{width}px;height:4000px;border:0"></iframe>
<pre id="o"></pre>
<script>
document.getElementById("f").onload = () => {{
  const d = document.getElementById("f").contentDocument, seen = [];
  seen.push("wide=" + d.documentElement.scrollWidth);
  for (const e of d.querySelectorAll("body *")) {{
    const r = e.getBoundingClientRect();
    if (r.right > {width} + 0.5 && !e.closest("thead")) seen.push("out=" + e.tagName + e.textContent.slice(0, 20));
  }}
  let least = 99;
  for (const e of d.querySelectorAll("svg text")) least = Math.min(least, e.getBoundingClientRect().height);
  let tall = 0;
  for (const e of d.querySelectorAll(".steps tbody th")) tall = Math.max(tall, e.clientHeight);
  seen.push("tall=" + tall);
  seen.push("letters=" + least.toFixed(1));
  seen.push("charts=" + d.querySelectorAll("figure svg").length);
  seen.push("font=" + getComputedStyle(d.body).fontSize);
  document.getElementById("o").textContent = "SEEN " + seen.join(" | ") + " END";
}};
</script>"""


@pytest.fixture(scope="module")
def browser() -> str:
    """Chromium."""
    return program("chromium", "chromium-browser", "google-chrome")


def run(browser: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """One headless run with a throw-away profile."""
    return subprocess.run(
        [browser, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}",
         "--allow-file-access-from-files", "--virtual-time-budget=4000", *words],
        capture_output=True, text=True, timeout=90, check=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with every section, long words among them."""
    day = 20_700
    report = PartnerReport(
        partner="아주긴이름의푸른솔마을일단지입주자대표회의관리사무소 본관",
        month=2026 * 12 + 7,
        as_of=day,
        span=(20_666, 20_696),
        weeks=range(2930, 2956),
        totals={"intakes": (12_345, 9_876), "won": (1_234, 987)},
        trends=tuple(
            trend(id, range(2930, 2956), [i % 5 for i in range(26)], [5] * 26, 0.9)
            for id in ("REQUESTS", "RESP_10M", "SAMEDAY")
        ),
        defects=Defects(
            tuple(
                Defect(
                    f"D-2026-{n:05d}",
                    "지하주차장B2층전기실앞복도",
                    "VERYLONGWORDWITHOUTANYBREAKINSIDE" * 2,
                    day - 9,
                    None,
                    9,
                )
                for n in range(3)
            ),
            homes=2,
        ),
        funnel=funnel(
            pl.DataFrame({"state": ["a", "b", "b"]}), parse_steps(["접수=all", "수주=state=b"], {"state": "state"})
        ),
        office=True,
        kpis=(KpiLine("RESP_10M", None, None, None),),
        shared=Reciprocity((), (), "꾸준한 물량", ""),
    )
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_bytes(make(face(report, "ko", "단골수리"), "html", None))
    return file


@pytest.mark.parametrize("width", [PHONE, 412, DESK])
def test_nothing_sticks_out_and_every_letter_can_be_read(browser: str, page: Path, width: int) -> None:
    frame = page.with_name(f"frame{width}.html")
    frame.write_text(_FRAME.format(page=page.name, width=width), "utf-8")
    dom = run(browser, page.parent, f"--window-size={max(width, 500)},900", "--dump-dom", frame.as_uri()).stdout
    found = re.search(r"SEEN (.*?) END", dom)
    assert found, dom[-400:]
    seen = {name: value.strip() for name, value in re.findall(r"(\w+)=([^|]*)", found[1])}
    assert "out" not in seen, found[1]
    assert int(seen["wide"]) <= width
    assert float(seen["letters"]) >= 8.5  # pixels of a week's label
    assert seen["charts"] == "3"
    assert 0 < int(seen["tall"]) < 50  # a step's short name stays on one line
    assert seen["font"] == "16px"


def test_nothing_is_blocked_as_nothing_is_asked_for(browser: str, page: Path) -> None:
    done = run(browser, page.parent, "--enable-logging=stderr", "--dump-dom", page.as_uri())
    assert "CONSOLE" not in done.stderr
    assert "<main>" in done.stdout


def test_a_script_that_got_in_would_not_run(browser: str, page: Path) -> None:
    bad = page.with_name("bad.html")
    script = "<script>document.title = 'run'</script><img src='https://example.com/x.png'>"
    bad.write_text(page.read_text("utf-8").replace("<main>", f"<main>{script}"), "utf-8")
    done = run(browser, page.parent, "--enable-logging=stderr", "--dump-dom", bad.as_uri())
    assert "<title>run" not in done.stdout
    assert "CONSOLE" in done.stderr


def test_it_prints_on_a4(browser: str, page: Path) -> None:
    paper = page.with_name("page.pdf")
    run(browser, page.parent, f"--print-to-pdf={paper}", "--no-pdf-header-footer", page.as_uri())
    assert paper.read_bytes().startswith(b"%PDF")
    told = subprocess.run([program("pdfinfo"), paper], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Page size:\s+59[45][.\d]* x 84[12]", told)
    assert int(re.search(r"Pages:\s+(\d+)", told)[1]) <= 3  # type: ignore[index]
