"""What may be typed in a hall, by example: one for every act that is open, from its scenario."""

from __future__ import annotations

from collections.abc import Callable

from delegates.acts_open import OpenAct, options_to_ask_for
from delegates.contract import View
from delegates.hall import Hall
from games.outcomes import option_text
from tui.cli.table_commands import standing_terms

FEW_TERMS = 4
"""Issues up to which an example names each."""


def yes_or_no(choice: str | bool | None) -> str:
    """Return how a choice is typed."""
    return choice if isinstance(choice, str) else "yes" if choice else "no"


def example_term(view: View, act: OpenAct) -> str:
    """Return a term that an act could have."""
    open_ones = [name for name, options in act.options.items() if len(options) > 1]
    name = next(iter(open_ones or act.options or view.public.issues))
    return f"{name}={view.public.issues[name].texts[-1]}"


def example_demand(view: View, hall: Hall, act: OpenAct) -> str:
    """Return a threat or promise that the seat could make."""
    del hall
    demand = "=".join(_dearest(view))
    if act.act == "threaten":
        return f"{act.terms['measure'].choices[0]} unless {demand}"
    measure = next((one for one in act.terms["measure"].choices if one is not None), None)
    more = f" with {measure}" if measure is not None else ""
    return f"{act.terms['to'].choices[0]} for {demand}{more}"


def _dearest(view: View) -> tuple[str, str]:
    """Return the issue that moves most of the seat's own points, and its option worth most."""
    worth = view.private.points
    issue = max(worth, key=lambda name: max(worth[name].values()) - min(worth[name].values()))
    return issue, max(worth[issue], key=worth[issue].__getitem__)


def example_room(view: View, hall: Hall, act: OpenAct) -> str:
    """Return a room that could be called."""
    members = ", ".join(str(one) for one in act.terms["members"].choices[:2])
    if act.act == "call-informal":
        return f"{act.terms['issue'].choices[0]} with {members}"
    del hall
    return f"{members} on {next(iter(view.public.issues))}"


def example_amend(view: View, hall: Hall, act: OpenAct) -> str:
    """Return one change that could be asked for."""
    del hall
    return example_term(view, act).replace("=", " ", 1)


def example_request(view: View, hall: Hall, act: OpenAct) -> str:
    """Return what the capital could be asked for."""
    del hall, act
    issue, options = next(iter(options_to_ask_for(view).items()))
    return f"{issue} {options[0]}"


def example_choices(term: str) -> Callable[[View, Hall, OpenAct], str]:
    """Return an example that lists the choices of a term."""
    return lambda _, __, act: "|".join(yes_or_no(one) for one in act.terms[term].choices[:6])


def example_group(view: View, hall: Hall, act: OpenAct) -> str:
    """Return issues that could be taken together."""
    del view, hall
    return ", ".join(str(one) for one in act.terms["issues"].choices[:2])


def no_example(view: View, hall: Hall, act: OpenAct) -> str:
    """Return nothing: the act has no terms."""
    del view, hall, act
    return ""


def example_offer(view: View, hall: Hall, act: OpenAct) -> str:
    """Return one term, or where nothing stands yet all of a few; else what is asked one by one."""
    del hall
    if standing_terms(view)[0] is not None:
        return example_term(view, act)
    if not view.own.may_sign_any:
        return ""
    best = view.public.space.outcome(int(view.own.ranking[0][-1]))
    if len(best) > FEW_TERMS:
        return ""
    return ", ".join(f"{name}={option_text(option)}" for name, option in best.items())


def example_merge(view: View, hall: Hall, act: OpenAct) -> str:
    """Return a change of the text, where there is one."""
    return "" if hall.text is None else example_term(view, act)
