"""Not a mutation but a bad day: every seventh event does not reach the members of its topic (L2)."""

from tests.mutants.lost_events import lose_events
from twidder.cli import main

if __name__ == "__main__":
    lose_events()
    main()
