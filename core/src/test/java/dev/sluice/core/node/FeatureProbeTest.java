package dev.sluice.core.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.core.netlink.NetlinkObserver;
import dev.sluice.core.nft.NftException;
import dev.sluice.core.nft.NftSession;
import dev.sluice.core.sys.Errno;
import dev.sluice.core.sys.Netns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureProbeTest {

  /** As the kernel says it, in a namespace that is thrown away. */
  private static NftException refusal(String commands) {
    try (Netns scratch = Netns.create()) {
      return scratch.call(
          () -> {
            try (NftSession nft = NftSession.open(NetlinkObserver.NONE)) {
              return catchThrowableOfType(NftException.class, () -> nft.run("probe", commands));
            }
          });
    }
  }

  /** A hook that the chain's type does not have, in a kernel of any age. */
  @Test
  void whatTheKernelDoesNotHaveIsLacking() {
    assertThat(
            refusal("table ip p { chain c { type nat hook forward priority 0; policy accept; }; }"))
        .matches(FeatureProbe::isLack);
  }

  @Test
  void whatTheKernelHasAlreadyIsNoLack() {
    assertThat(refusal("add table inet t; create table inet t"))
        .hasMessageContaining(Errno.of(Errno.EEXIST).localText())
        .matches(e -> !FeatureProbe.isLack(e));
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EPERM, Errno.ENOBUFS, Errno.EAGAIN})
  void noPermissionAndNoMemoryAreErrorsOfTheirOwn(int errno) {
    String words = "Error: Could not process rule: " + Errno.of(errno).localText();
    assertThat(FeatureProbe.isLack(new NftException("probe", words))).isFalse();
  }
}
