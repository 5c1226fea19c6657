"""The four scores of Lighthouse (mobile) for the pages that readers begin with, on the production settings.

Usage: python benchmarks/lighthouse.py [--languages en zh-hans ja] [--pages home chapter …] [--runs 1] [--var DIR]
       [--strict]

Needs Node 18 or newer and Chromium (or CHROME_PATH). Sets up a site of its own as docs/deploying.md says, with gunicorn
on 127.0.0.1, and removes it again; --var takes a folder with a loaded site, to save that minute. Prints the median of
the runs, and what kept a score below 100. Pages that may not be indexed have no score for search engines. Exits with 1
if a page cannot be read; with --strict also if a score is below 100.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 2
ATTEMPTS = 3
LIGHTHOUSE = "lighthouse@12.2.3"  # the newest for Node 18 and 20
CATEGORIES = {"performance": "fast", "accessibility": "access", "best-practices": "practices", "seo": "seo"}
PAGES = {
    "home": "",
    "chapter": "guide/logistics/",
    "case": "cases/shein/",
    "form": "suitability/",
    "result": "suitability/?category=ceramics",
    "search": "search/?q=SHEIN",
}
NOT_INDEXED = {"result", "search"}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def served(var: str | None) -> Iterator[str]:
    """The address of a loaded site, served as in production but for the encryption."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "CROSSCAST_VAR_DIR": str(Path(var).resolve()) if var else folder,
            "SECRET_KEY": "measured-here-and-thrown-away-" * 2,
            "ALLOWED_HOSTS": "127.0.0.1",
            "BASE_URL": address,
            "SECURE_SSL_REDIRECT": "false",
        }
        environment = os.environ | settings

        def manage(*command: str) -> None:
            run = [sys.executable, "manage.py", *command, "--verbosity", "0"]
            subprocess.run(run, cwd=ROOT, env=environment, check=True)  # noqa: S603 - our own command

        manage("collectstatic", "--noinput")
        if not var:
            manage("migrate")
            manage("setup_site")
            manage("load_content")
        manage("setup_site")
        start = [sys.executable, "-m", "gunicorn", "--pythonpath", "site", "--log-level", "error"]
        server = subprocess.Popen(  # noqa: S603 - our own command
            [*start, "--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}", "config.wsgi"], cwd=ROOT, env=environment
        )
        try:
            wait_for(f"{address}/healthz")
            yield address
        finally:
            server.terminate()
            server.wait()


def wait_for(address: str) -> None:
    for _attempt in range(100):
        try:
            if requests.get(address, timeout=10).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    sys.exit(f"{address} does not answer")


def final(address: str) -> str:
    """Where an address leads: a category fills the form's address in. Afterwards every worker has served the page."""
    for _request in range(3 * WORKERS):
        found = requests.get(address, timeout=30).url
    return found


def report_on(address: str) -> dict[str, Any]:
    """Lighthouse's report on a page. Now and then it records nothing (NO_NAVSTART): then it is asked again."""
    for _attempt in range(ATTEMPTS):
        report = try_to_report_on(address)
        if not report.get("runtimeError"):
            return report
    sys.exit(f"{address}: {report['runtimeError']['message']}")


def try_to_report_on(address: str) -> dict[str, Any]:
    """A report, or its `runtimeError`."""
    flags = "--headless=new --no-sandbox --disable-gpu"
    command = ["npx", "--yes", LIGHTHOUSE, address, "--quiet", "--output=json", f"--chrome-flags={flags}"]
    command += [f"--only-categories={','.join(CATEGORIES)}", "--no-enable-error-reporting"]
    chrome = os.environ.get("CHROME_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
    if chrome is None:
        sys.exit("There is no Chromium here: install it, or set CHROME_PATH.")
    done = subprocess.run(  # noqa: S603 - our own command
        command, env=os.environ | {"CHROME_PATH": chrome}, capture_output=True, text=True, check=False
    )
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        report = {"runtimeError": {"message": done.stderr.strip() or done.stdout.strip()}}
    return report


def faults(report: dict[str, Any], category: str) -> list[str]:
    """The audits that cost points in a category."""
    return [
        f"{audit['id']} ({report['audits'][audit['id']].get('displayValue') or audit['weight']})"
        for audit in report["categories"][category]["auditRefs"]
        if audit["weight"] and (report["audits"][audit["id"]]["score"] or 0) < 0.99
        if report["audits"][audit["id"]]["scoreDisplayMode"] not in ("notApplicable", "manual", "informative")
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--languages", nargs="+", default=["en", "zh-hans", "ja"])
    parser.add_argument("--pages", nargs="+", default=list(PAGES), choices=list(PAGES))
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--var", help="a folder with a loaded site")
    parser.add_argument("--strict", action="store_true")
    options = parser.parse_args()
    missed = 0
    with served(options.var) as site:
        print(f"{'page':20}" + "".join(f"{name:>12}" for name in CATEGORIES.values()))
        for language in options.languages:
            for page in options.pages:
                address = final(f"{site}/{language}/{PAGES[page]}")
                reports = [report_on(address) for _run in range(options.runs)]
                line, costs = f"{language + ' ' + page:20}", []
                for category in CATEGORIES:
                    if category == "seo" and page in NOT_INDEXED:
                        line += f"{'–':>12}"
                        continue
                    score = statistics.median(round(100 * r["categories"][category]["score"]) for r in reports)
                    line += f"{score:12.0f}"
                    if score < 100:
                        missed += 1
                        costs += faults(reports[-1], category)
                print(line + (f"   {', '.join(costs)}" if costs else ""), flush=True)
    return 1 if options.strict and missed else 0


if __name__ == "__main__":
    sys.exit(main())
