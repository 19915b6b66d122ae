"""Live boards: values that anybody feeds with one line, watched by everybody who may.

The rules:
* All members see a board, or who may read its room (guests too), or its maker alone; and whoever holds its link.
* Its maker arranges it, and the staff who see it; its room's moderators can take it out of the room.
* Who loses the right to see it hears nothing more from the moment the answer is given; who came by a link goes with it.
* A link is for looking on. A producer's token writes to one board and reads nothing; so does a phone that is a sensor.
* A series is there with its first value, which decides its type. One bad value costs that one value.
* How fresh a series is the server says, by when values came.
* A board's topic tells the newest of each key, and no history; what is older is read in windows, coarser with age.
* The address of a board that not every member sees cannot be guessed.
* With a closed account go the boards that only its person saw; the others stay, and staff arrange them.
* The built-in board shows what happens here; nobody arranges, shares or deletes it.
"""

from twidder import rooms, walls
from twidder.accounts.service import when_closed
from twidder.accounts.sessions import viewing
from twidder.boards.making import delete_own
from twidder.boards.sharing import ByLink
from twidder.boards.shown import narrow_all, revoke
from twidder.boards.visits import count_visit

viewing.append(ByLink())
when_closed.append(delete_own)
walls.when_visited.append(count_visit)
rooms.when_left.append(revoke)
rooms.when_narrowed.append(narrow_all)
