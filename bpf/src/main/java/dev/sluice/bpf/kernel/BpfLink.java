package dev.sluice.bpf.kernel;

import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.NetnsRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A program of a {@link BpfObject} attached to a link of the node. Another program or version takes
 * the place of the one there is without a gap.
 *
 * @param object its name
 * @param program its name in the source; empty: none, or one that is not ours
 * @param version of the object; empty as the program
 * @param link name of the device
 */
public record BpfLink(String object, String program, String version, String link, Hook hook)
    implements KernelObject {

  /** Where at a device; the directions are those of the hook. */
  public enum Hook {
    TCX_INGRESS("tcx-ingress"),
    TCX_EGRESS("tcx-egress"),
    /** By a filter (tc-bpf(8)), where the kernel has no TCX. */
    CLSACT_INGRESS("clsact-ingress"),
    CLSACT_EGRESS("clsact-egress"),
    /** What the node sends by its end of a netkit pair. */
    NETKIT_PRIMARY("netkit-primary"),
    /** What comes by the other end of the netkit pair whose end in the node the device is. */
    NETKIT_PEER("netkit-peer"),
    /** One program only at each device. */
    XDP("xdp");

    private final String word;

    Hook(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }

    /** The best that a kernel has for what comes in by a device. */
    public static Hook ingress(KernelFeatures features) {
      return features.has(KernelFeature.BPF_TCX) ? TCX_INGRESS : CLSACT_INGRESS;
    }

    /** As {@link #ingress}, for what leaves by a device. */
    public static Hook egress(KernelFeatures features) {
      return features.has(KernelFeature.BPF_TCX) ? TCX_EGRESS : CLSACT_EGRESS;
    }

    /** What a kernel has to have for these. */
    public static KernelFeature needed(KernelFeatures features) {
      return features.has(KernelFeature.BPF_TCX) ? KernelFeature.BPF_TCX : KernelFeature.BPF_CLSACT;
    }

    /** Whether it takes a filter, and not a link of BPF. */
    public boolean isFilter() {
      return this == CLSACT_INGRESS || this == CLSACT_EGRESS;
    }
  }

  /** {@code program} of {@code object} at a device. */
  public static BpfLink of(BpfObject object, String program, String link, Hook hook) {
    return new BpfLink(object.name(), program, object.version(), link, hook);
  }

  /** One of ours that is detached, or leads to something else. */
  public static BpfLink altered(String object, String link, Hook hook) {
    return new BpfLink(object, "", "", link, hook);
  }

  @Override
  public Key key() {
    String where = hook.word() + " of " + link;
    return new Key(
        Key.Type.BPF_LINK, NetnsRef.NODE, hook == Hook.XDP ? where : where + " by " + object);
  }

  @Override
  public Set<Key> needs() {
    return Set.of(Key.link(NetnsRef.NODE, link), BpfObject.key(object));
  }

  /** The device takes the program along, but leaves the pin of an attachment to nothing. */
  @Override
  public Optional<KernelObject> remains() {
    return Optional.of(altered(object, link, hook));
  }

  @Override
  public boolean isAltered() {
    return version.isEmpty();
  }

  @Override
  public Map<String, String> fields() {
    Map<String, String> out = new LinkedHashMap<>();
    out.put("program", program);
    out.put("version", version);
    return out;
  }
}
