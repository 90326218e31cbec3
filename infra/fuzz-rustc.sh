#!/usr/bin/env bash
# The compiler for infra/fuzz.sh: what is ours is instrumented, what it stands on is not, which would take
# minutes to build and is fuzzed by its own people.
case " $* " in
  *" --crate-name papers "* | *" --crate-name exchange "*) exec "$@" $FUZZ_FLAGS ;;
  *) exec "$@" ;;
esac
