"""The database: ``read(fn)``, ``write(fn)``, and the log that both keep true. This page is the contract.

* ``read(fn)`` runs ``fn(tx)`` on a read-only connection, inside one snapshot.
* ``write(fn)`` runs ``fn(tx)`` in a savepoint of the current batch. It may raise; then only it is undone and the
  exception reaches the caller. It may call ``tx.emit(topic, event, data)`` and ``tx.tell(notice)``. ``fn`` has no
  effect outside ``tx``: a back end may run it again.
* When ``write`` raises StoreFailed or NoSpace, nothing of the change is there, nor will a crash bring it back.
* When ``write`` returns, the change is on disk (fsynced) and its events were handed to the bus, in commit order.
* Events of a topic are numbered 1, 2, 3 … without holes, in the transaction of the rows they describe.

Every back end passes ``tests/contract/test_store.py``.
"""

from twidder.store.contract import Database
from twidder.store.engine import Store, open_store
from twidder.store.log import CatchUp, Event
from twidder.store.schema import metadata
from twidder.store.tx import ReadTx, Tx

__all__ = ["CatchUp", "Database", "Event", "ReadTx", "Store", "Tx", "metadata", "open_store"]
