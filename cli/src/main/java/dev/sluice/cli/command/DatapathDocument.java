package dev.sluice.cli.command;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import java.util.List;

/**
 * A datapath and whether this host can run it.
 *
 * @param available yes, no, or unknown: a kernel is probed as root only
 * @param lacks one sentence for each feature that is missing
 * @param notes what is used instead of something better that the kernel lacks
 */
record DatapathDocument(
    String name, String available, String summary, List<String> lacks, List<String> notes) {

  static final String YES = "yes";
  static final String NO = "no";
  static final String UNKNOWN = "unknown";

  static DatapathDocument of(Datapath datapath, KernelFeatures features) {
    Support support = datapath.support(features);
    return new DatapathDocument(
        datapath.name(),
        support.runs() ? YES : NO,
        datapath.summary(),
        support.lacks().stream().map(KernelFeature::lack).toList(),
        support.notes());
  }

  static DatapathDocument unprobed(Datapath datapath) {
    return new DatapathDocument(datapath.name(), UNKNOWN, datapath.summary(), List.of(), List.of());
  }
}
