package dev.sluice.core.reconcile;

import dev.sluice.core.node.Node;
import java.util.List;

/** An ability that a datapath may have: it knows how full is what it remembers flows in. */
public interface TellsRoom {

  /** Of a topology, as it is now; the kernel is read. Empty if it is not there. */
  List<Room> rooms(Node node, String topology);
}
