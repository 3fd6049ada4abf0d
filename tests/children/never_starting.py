"""Ends before it has asked for anything, as where a library is missing."""

raise SystemExit("no such library")
