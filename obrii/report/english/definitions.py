"""What each number of a run means."""

from __future__ import annotations

DEFINITIONS: dict[str, str] = {
    "define.title": "What the numbers mean",
    "define.terminals": "Terminals without service",
    "define.terminals.text": (
        "Terminals in cells without service at that moment. Mean: over the time in which an event of the case "
        "takes something away, until it is restored, or, where a case only adds, over the time in which it does "
        "(intact: the whole run). Worst: the worst {step}. At least once: without service in at least one step."
    ),
    "define.people": "People without service",
    "define.alone": "People without service",
    "define.alone.text": (
        "People who live in a cell without service at that moment. Mean: over the time in which an event of the "
        "case takes something away, until it is restored, or, where a case only adds, over the time in which it "
        "does (intact: the whole run). Worst: the worst {step}. At least once: without service in at least one "
        "step. Most of them own no terminal; the number says where the connection is missing, not how many use "
        "it."
    ),
    "define.people.text": (
        "People who live in a cell, times the share of its terminals without service. Most of them own no "
        "terminal; the number says where the connection is missing, not how many use it."
    ),
    "define.added": "Terminals added",
    "define.added.text": (
        "Terminals that are not there when everything works, and that a case brings; and how many of them have "
        "service, on average over the same time. They are a gain beside the losses: what they get gives nobody "
        "else a connection back, and they count in no other column."
    ),
    "define.share": "Served, of intact",
    "define.share.text": (
        "Share of what is served when everything works that is still served, on average over the same time. What "
        "is never served does not enter."
    ),
    "define.rtt": "RTT without queueing",
    "define.rtt.text": (
        "There and back between a terminal and the point of presence: light time, fibre, access to the radio "
        "channel and processing; no waiting in queues. Median and 95th percentile over {counted} and time with "
        "service."
    ),
    "define.light": "Light time",
    "define.light.text": (
        "The part of it in which light travels: radio links in the sky and fibre on the ground, both ways."
    ),
    "define.use": "Satellites and gateways in use",
    "define.use.text": ("How many carry at least one cell of the area, on average over the same time."),
    "define.reason": "Main reason",
    "define.reason.text": (
        "Each cell without service has one reason at each moment: the first step on the way after which no "
        "satellite was left. The main one stands for most {counted} lost against intact."
    ),
    "define.counted.terminals": "terminals",
    "define.counted.people": "people",
    "define.cells": "Cells outside the area",
    "define.cells.text": (
        "Cells around the area compete for the same satellites and antennas and are not reported. When part of "
        "the service is off, what it frees may serve others."
    ),
}
