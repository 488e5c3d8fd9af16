package dev.sluice.core.reconcile;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Key;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a node holds, as far as it concerns us.
 *
 * @param ours the objects that bear our mark, and the current state of what we may only lease
 * @param foreign what stands in the way of a wanted object and is not ours: one sentence each
 * @param adopted the names of wanted namespaces that were there before us
 * @param indexes the ifindex of each link of ours, for deletion
 * @param ruleset our nftables tables, and the generation that they were seen at
 */
public record Observed(
    Map<Key, KernelObject> ours,
    List<String> foreign,
    Set<String> adopted,
    Map<Key, Integer> indexes,
    Ruleset ruleset) {}
