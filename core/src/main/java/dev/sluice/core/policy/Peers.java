package dev.sluice.core.policy;

import dev.sluice.core.address.Cidr;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Whom an entry of the table lets through. */
public sealed interface Peers {

  /** Everybody, whether an endpoint or not. */
  record Any() implements Peers {}

  /** These endpoints, with all their addresses. */
  record Endpoints(SortedSet<String> names) implements Peers {
    public Endpoints {
      names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
    }
  }

  /** Whoever has an address in {@code cidr} and in none of {@code except}. */
  record Block(Cidr cidr, List<Cidr> except) implements Peers {
    public Block {
      except = List.copyOf(except);
    }
  }
}
