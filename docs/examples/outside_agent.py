"""Negotiate for a seat of Minilateral: python outside_agent.py URL TOKEN."""

import json
import sys
import urllib.error
import urllib.request


def ask(url, token, move=None):
    """Return what the seat answers: its status, and what it says."""
    body = None if move is None else json.dumps(move).encode()
    request = urllib.request.Request(url, body, {"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read() or "null")
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def move(told):
    """Accept what is worth enough by now; else ask for the best of every issue."""
    points, offer = told["own"]["points"], told["offer"]
    best = {issue: max(worths, key=worths.get) for issue, worths in points.items()}
    most = sum(points[issue][option] for issue, option in best.items())
    least = most - (most - told["own"]["reservation"]) * told["round"] / told["rounds"]
    if offer and offer["may_sign"] and offer["worth"] >= least:
        return {"turn": told["turn"], "act": "accept"}
    return {"turn": told["turn"], "act": "offer", "outcome": best, "words": "We ask for this."}


def negotiate(url, token):
    """Play the seat to the end of its session, and return how it ended."""
    while True:
        status, told = ask(f"{url}seat", token)
        if status == 200 and told["kind"] == "over":
            return told
        if status == 200:
            status, told = ask(f"{url}move", token, move(told))
        if status >= 400:
            print(told["problem"], file=sys.stderr)


if __name__ == "__main__":
    print(negotiate(*sys.argv[1:]))
