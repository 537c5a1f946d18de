"""``etale user``: who may do what, from the operator's terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.cli.status import DONE
from scheduler.domain.people import ROLES
from scheduler.wording import T

if TYPE_CHECKING:
    import argparse

    from scheduler.cli.arguments import Commands, Words
    from scheduler.cli.service import Opened
    from scheduler.cli.speaker import Speaker
    from scheduler.domain.people import Person, Post
    from scheduler.service.people import Invited
    from scheduler.wording import Text


def add(commands: Commands, words: Words) -> None:
    """Declare the command, its own commands and their options."""
    parser = commands.add_parser("user", help=words("invite people, list them, keep them out"))
    does = parser.add_subparsers(required=True, metavar=words("COMMAND"))
    adding = does.add_parser("add", help=words("give somebody a role, and a link to set a password"))
    _person_and_role(adding, words, required=True)
    adding.add_argument("--name", default="", help=words("as others read it (default: the e-mail address)"))
    adding.set_defaults(command=run_add)
    listing = does.add_parser("list", help=words("list people and their roles"))
    listing.add_argument("--region", metavar="KEY", help=words("of this region alone"))
    listing.add_argument("--school", metavar="KEY", help=words("of this school of the region alone"))
    listing.set_defaults(command=run_list)
    again = does.add_parser("invite", help=words("make a new link for somebody who lost theirs, or the password"))
    out = does.add_parser("disable", help=words("keep somebody out until they are invited again"))
    revoke = does.add_parser("revoke", help=words("take a role from somebody; without one, sign them out everywhere"))
    for one, run in ((again, run_invite), (out, run_disable)):
        one.add_argument("email", metavar="EMAIL", help=words("e-mail address"))
        one.set_defaults(command=run)
    _person_and_role(revoke, words, required=False)
    revoke.set_defaults(command=run_revoke)


def _person_and_role(parser: argparse.ArgumentParser, words: Words, *, required: bool) -> None:
    parser.add_argument("email", metavar="EMAIL", help=words("e-mail address"))
    parser.add_argument("--role", choices=ROLES, required=required, help=words("what they are"))
    parser.add_argument("--region", metavar="KEY", help=words("of which region"))
    parser.add_argument("--school", metavar="KEY", help=words("of which school"))


def run_add(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale user add`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.service.people import invite

    with opened_store() as opened:
        place = options.role, options.region, options.school
        done = invite(opened.store, opened.actor, options.email, *place, name=options.name, language=say.language)
    _tell_link(done, opened, say)
    return DONE


def run_invite(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale user invite`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.service.people import invite_again

    with opened_store() as opened:
        done = invite_again(opened.store, opened.actor, options.email)
    _tell_link(done, opened, say)
    return DONE


def _tell_link(done: Invited, opened: Opened, say: Speaker) -> None:
    """Show the link on stdout, and what to know of it beside it, so that a script can take the link alone."""
    if done.token is None:
        say.result(T("{email} has this role now, and signs in as before", email=done.person.email))
        return
    print(f"{opened.settings.address}/invitation/{done.token}")
    say.note(
        T(
            "Send this link to {email}, and to nobody else. "
            "It is shown this once, holds for 7 days and can be used once.",
            email=done.person.email,
        )
    )


def run_list(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale user list`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.service.people import list_people

    with opened_store() as opened:
        found = list_people(opened.store, opened.actor, options.region, options.school)
    for person in found:
        state, roles = _state_of(person), "; ".join(map(_told, person.posts)) or "-"
        print("\t".join((person.email, person.name, roles, state.in_language(say.language))))
    if not found:
        say.note(T("there is nobody yet; “etale user add” invites the first one"))
    return DONE


def _state_of(person: Person) -> Text:
    if person.disabled:
        return T("kept out")
    return T("has a password") if person.taken_up else T("invited")


def _told(post: Post) -> str:
    """Write a role as ``etale user add`` reads it."""
    return " ".join(filter(None, (post.role.name, post.region, post.school)))


def run_disable(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale user disable`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.service.people import disable

    with opened_store() as opened:
        disable(opened.store, opened.actor, options.email)
    say.result(T("{email} is kept out, until “etale user invite” makes a new link", email=options.email))
    return DONE


def run_revoke(options: argparse.Namespace, say: Speaker) -> int:
    """Run ``etale user revoke`` and give its exit status."""
    from scheduler.cli.service import opened_store
    from scheduler.service.people import end_sign_ins, take_role

    with opened_store() as opened:
        if options.role:
            take_role(opened.store, opened.actor, options.email, options.role, options.region, options.school)
            say.result(T("{email} has this role no more, and is signed out", email=options.email))
        else:
            end_sign_ins(opened.store, opened.actor, options.email)
            say.result(T("{email} is signed out everywhere", email=options.email))
    return DONE
