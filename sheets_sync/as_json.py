"""What ``danggol sync --json`` prints: the shapes people script against."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from addin.i18n import say
from sheets_sync.outcome import sentence

if TYPE_CHECKING:
    from sheets_sync.model import Review
    from sheets_sync.outcome import CycleReport, Outcome
    from sheets_sync.status import Checked, Explanation, PartnerStatus


def report_json(report: CycleReport) -> dict[str, Any]:
    """One cycle: ``{"partners": […], "idle": n, "master_written": …, "master_error": …, "dry_run": …}``."""
    return {
        "partners": [_outcome(one) for one in report.outcomes],
        "idle": report.idle,
        "master_written": report.master_written,
        "master_error": report.master_error or None,
        "dry_run": report.dry_run,
        "exit_code": report.exit_code,
    }


def _outcome(one: Outcome) -> dict[str, Any]:
    plan = one.plan
    return {
        "partner": one.partner,
        "leads": [lead.key for lead in plan.leads if lead.cells] if plan else [],
        "spare_rows": sum(not lead.cells for lead in plan.leads) if plan else 0,
        "fills": [asdict(fill) for fill in plan.fills] if plan else [],
        "entries": [{"key": e.key, "cells": dict(e.cells)} for e in plan.entries] if plan else [],
        "reviews": [asdict(review) for review in plan.reviews] if plan else [],
        "hq": plan is not None and plan.hq is not None,
        "requested": plan is not None and plan.requested,
        "brake": {"kind": one.brake.kind, "text": sentence(one.brake, one.partner)} if one.brake else None,
        "error": one.error or None,
        "postponed": one.postponed,
    }


def status_json(one: PartnerStatus) -> dict[str, Any]:
    """One configured partner."""
    known = one.known
    return {
        "partner": one.name,
        "ref": one.ref,
        "synced_at": (known.synced_at or None) if known else None,
        "rows": known.rows if known else 0,
        "deleted": known.deleted if known else 0,
        "reviews": [_review(review) for review in known.reviews] if known else [],
        "brake": (known.brake or None) if known else None,
        "trouble": one.trouble or None,
    }


def explained_json(one: Explanation) -> dict[str, Any]:
    """Everything known of one key."""
    return {
        "key": one.key,
        "partner": one.partner,
        "state": [say(id) for id in one.state],
        "fields": [asdict(state) for state in one.fields],
        "flag": one.flag,
        "ask": one.ask,
        "reviews": [_review(review) for review in one.reviews],
        "runs": [list(run) for run in one.runs],
    }


def checked_json(one: Checked) -> dict[str, Any]:
    """One thing that was tried."""
    return {"what": one.what, "ok": not one.error, "error": one.error or None}


def _review(review: Review) -> dict[str, Any]:
    return asdict(review)
