package dev.sluice.bench;

/** A topology of one network without policy, and of nothing but endpoints. Pure. */
final class OneNetwork {

  /** Of the topology, for messages. */
  static final String FILE = "many.yaml";

  private OneNetwork() {}

  /** The text with so many endpoints; those of a smaller one are the same in a larger one. */
  static String of(int endpoints) {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: sluice.dev/v1alpha1
            kind: Topology
            metadata: {name: many}
            spec:
              networks:
                - {name: many, subnets: [10.0.0.0/16]}
              endpoints:
            """);
    for (int i = 0; i < endpoints; i++) {
      text.append(
          "    - {name: e%1$d, netns: e%1$d, interfaces: [{network: many, name: eth0}]}\n"
              .formatted(i));
    }
    return text.toString();
  }
}
