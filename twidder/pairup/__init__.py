"""Pair-Up: from a roster to a slot, live and fair.

The rules:
* A round has a roster, teams and labs; who is on the roster claims their entry once, and sees the round. Staff see all.
* Students act while the round is open, staff always. Nobody is in two teams, no team in two places, no place has two.
* A team is made by two who agree: one invites, the other accepts. Who makes it for others tells them; they may leave.
* A place of limited number is a row, and one conditional UPDATE says whose it is: it cannot be given away twice.
* A place waits 90 s for a partner's word; then it is free again, and a late word is refused by its fence.
* What becomes free goes to the first who waits, in the same transaction. Two teams swap both places, or neither.
* A team that ends, or is too small, keeps no place, hold, waiting or offer; with its end its calls and ranking go, too.
* Before a draw everybody ranks; afterwards anybody can check that nothing better was possible, and that it was chance.
* Who holds a place is said by name or only as a team, as the round has it; a team's own members and staff see names.
* Whatever changes is told to all who look, and to those concerned on a topic of their own; the audit keeps who did it.
"""
