"""Several people, or processes, at the same moment."""

import threading

from django.db import connection

from regions import versions


def at_once(*acts):
    """Do all of it at the same time, each in a thread; what each answered or raised."""
    together = threading.Barrier(len(acts), timeout=30)
    outcomes = [None] * len(acts)

    def do(number, act):
        try:
            together.wait()
            outcomes[number] = act()
        except Exception as error:
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    versions.forget()
    return outcomes
