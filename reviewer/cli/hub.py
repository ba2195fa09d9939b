"""`reviewer hub`: the PostgreSQL database through which members exchange their work."""

from reviewer.cli.call import Call, Command
from reviewer.cli.line import DONE
from reviewer.cli.options import Options


def _add(options: Options) -> None:
    options.add_argument("address", metavar="ADDRESS", help="postgresql://USER@HOST/DATABASE; the password may come from ~/.pgpass")


def _run(call: Call) -> int:
    from reviewer import operations

    made = operations.hubs.init_hub(call.ticket, address=call.options.address).value
    document: dict[str, object] = {"tables": list(made.tables), "roles": list(made.roles)}
    if made.sql is None:
        words = (
            f"The hub is ready. Give each member a user of their own with the role {', '.join(made.roles)}; it may read and add, no more."
        )
    else:
        document["sql"] = made.sql
        words = f"You may not make all of it. Somebody with more rights has to run:\n\n{made.sql}"
    call.out.answer(document, words)
    return DONE


COMMANDS = {"hub init": Command(_add, _run, "reviewer hub init postgresql://admin@db.example.org/reviews")}
