package dev.sluice.core.datapath;

import dev.sluice.core.topology.Topology;
import java.util.List;

/**
 * An ability that a datapath may have: some of what networks are like on others is not there, for a
 * reason that the topology gives, though no field asks for it.
 */
public interface TellsLacks {

  /** A sentence for each, which begins with the path of the field that is the reason. */
  List<String> lacks(Topology topology);
}
