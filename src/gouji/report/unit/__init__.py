"""Outcomes of one unit -> the page that every form prints."""
