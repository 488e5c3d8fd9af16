package dev.sluice.core.topology;

import java.util.function.Function;

/** A value that was read, and where. */
record Located<T>(T value, YamlValue at) {

  <R> Located<R> map(Function<T, R> change) {
    return new Located<>(change.apply(value), at);
  }

  void fault(String message) {
    at.fault(message);
  }

  int line() {
    return at.line();
  }
}
