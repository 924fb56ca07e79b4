"""The demo centre: invented people and a year of dues, with its days moved so that it is today there."""

from __future__ import annotations

from duesdesk.services.demo.building import build_demo, demo_day, make_demo, prepare_demo

__all__ = ["build_demo", "demo_day", "make_demo", "prepare_demo"]
