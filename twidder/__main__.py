from twidder.cli import main

main()
