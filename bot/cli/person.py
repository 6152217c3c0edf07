"""`skolebud person`: what is decided about one person by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from bot.actions.roster import block_guardian, find_person, show_person, unblock_guardian, unlink_person
from bot.cli.common import Operator, run
from bot.domain.marking import N_
from bot.i18n import Texts, find_language
from bot.i18n.words import RELATION_NAMES, ROLE_NAMES, language_name
from storage.queries.roster import PersonView, TieView

app = typer.Typer(help="One person: look, block, unblock, forget a phone.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The name, or the telephone number or e-mail address in the school's file.")]
PupilName = Annotated[str, typer.Option("--pupil", help="The pupil's name.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]


@app.command()
def show(name: Name) -> None:
    """Show what is stored about a person, and what the person may see."""

    async def work(operator: Operator) -> None:
        async with operator.database.unit_of_work() as uow:
            view = await show_person(uow, await find_person(uow, name))
        for line in _lines(view, operator.tr):
            typer.echo(line)

    run(work)


@app.command()
def block(name: Name, pupil: PupilName) -> None:
    """Shut a guardian out of everything about a pupil. Every import keeps it so."""

    async def work(operator: Operator) -> None:
        async with operator.database.unit_of_work() as uow:
            person = await find_person(uow, name)
            for tie in await block_guardian(uow, None, person, pupil):
                operator.say(
                    N_("{guardian} is blocked for {pupil} and gets nothing more."),
                    guardian=person.name,
                    pupil=tie.pupil,
                )

    run(work)


@app.command()
def unblock(name: Name, pupil: PupilName, yes: Yes = False) -> None:
    """Give a blocked guardian access to a pupil again. There is no other way to do it."""

    async def work(operator: Operator) -> None:
        async with operator.database.unit_of_work() as uow:
            await find_person(uow, name)
        if not yes and not operator.confirm(
            N_("The guardian will read and write about the pupil again. Is the decision to block no longer in force?")
        ):
            operator.say(N_("Nothing was changed."))
            raise typer.Exit(1)
        async with operator.database.unit_of_work() as uow:
            person = await find_person(uow, name)
            for tie in await unblock_guardian(uow, None, person, pupil):
                operator.say(_unblocked(tie), guardian=person.name, pupil=tie.pupil)

    run(work)


def _unblocked(tie: TieView) -> str:
    if tie.ended:
        return N_("{guardian} is no longer blocked for {pupil}, but is not in the school's file for this pupil.")
    return N_("{guardian} is no longer blocked for {pupil}.")


@app.command()
def unlink(name: Name, yes: Yes = False) -> None:
    """Forget a person's phone, for instance a lost one. The person joins again with a new letter."""

    async def work(operator: Operator) -> None:
        async with operator.database.unit_of_work() as uow:
            await find_person(uow, name)
        if not yes and not operator.confirm(N_("The person's phone will get nothing more until they join again.")):
            operator.say(N_("Nothing was changed."))
            raise typer.Exit(1)
        async with operator.database.unit_of_work() as uow:
            person = await find_person(uow, name)
            if await unlink_person(uow, None, person):
                operator.say(
                    N_("The phone of {name} is forgotten. A new letter: {command}"),
                    name=person.name,
                    command=f'skolebud letters --out … --person "{person.key}"',
                )
            else:
                operator.say(N_("{name} has not joined with any phone."), name=person.name)

    run(work)


def _lines(view: PersonView, tr: Texts) -> Iterator[str]:
    yield f"{tr.value(view.name)} ({tr.value(view.key)})"
    if view.phone:
        yield tr.gettext("Telephone: {phone}", phone=view.phone)
    if view.email:
        yield tr.gettext("E-mail: {email}", email=view.email)
    yield _language(view, tr)
    if view.reachable is None:
        yield tr.gettext("Has not joined yet.")
    elif view.reachable:
        yield tr.gettext("Has joined.")
    else:
        yield tr.gettext("Has joined, but Telegram does not deliver: the bot was blocked or the account is gone.")
    if view.roles:
        yield tr.gettext("Roles: {roles}", roles=tr.list(tr.gettext(ROLE_NAMES[role]) for role in view.roles))
    for tie in view.ties:
        yield "  · " + tr.gettext(
            "{pupil} ({school_class}), {relation}: {access}",
            pupil=tie.pupil,
            school_class=tie.class_name,
            relation=tr.gettext(RELATION_NAMES[tie.relation]),
            access=_access(tie, tr),
        )


def _language(view: PersonView, tr: Texts) -> str:
    if view.language:
        return tr.gettext("Language: {language}", language=language_name(view.language, tr))
    if not view.home_language:
        return tr.gettext("Language: not chosen yet")
    name = language_name(view.home_language, tr)
    if find_language(view.home_language) is None:
        return tr.gettext("Language: {language}, which Skolebud does not speak yet", language=name)
    # Translators: the language that the school wrote down, before the person has chosen one
    return tr.gettext("Language: {language} (says the school's file)", language=name)


def _access(tie: TieView, tr: Texts) -> str:
    if tie.blocked:
        # Translators: whether a guardian can read and write about a pupil
        return tr.gettext("blocked")
    return tr.gettext("open") if tie.is_open else tr.gettext("ended")
