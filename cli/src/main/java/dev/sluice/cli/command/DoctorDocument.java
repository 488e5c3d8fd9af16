package dev.sluice.cli.command;

import java.util.List;

/**
 * What {@code doctor -o json} prints.
 *
 * @param kernel the release that runs
 * @param cores that this process may use
 * @param java the version of the runtime
 * @param host what else of the host matters
 */
record DoctorDocument(
    String kernel,
    int cores,
    String java,
    List<Feature> features,
    List<DatapathDocument> datapaths,
    List<HostCheck> host) {

  /** A kernel feature, the build option that gives it, and the first release that can have it. */
  record Feature(String name, String title, boolean present, String option, String since) {}

  /** Something of the host; {@code detail} says what was found. */
  record HostCheck(String item, boolean good, String detail) {}
}
