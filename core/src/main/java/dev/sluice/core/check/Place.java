package dev.sluice.core.check;

/** Where a probe starts or ends: a network namespace of the topology. */
public sealed interface Place {

  /** The node: its gateways are there. */
  Place NODE = new Node();

  /** The endpoint of that name. */
  static Place endpoint(String name) {
    return new OfEndpoint(name);
  }

  /** What a report calls it. */
  String label();

  /** The node's own namespace. */
  record Node() implements Place {
    @Override
    public String label() {
      return "node";
    }
  }

  /** An endpoint's namespace. */
  record OfEndpoint(String name) implements Place {
    @Override
    public String label() {
      return name;
    }
  }
}
