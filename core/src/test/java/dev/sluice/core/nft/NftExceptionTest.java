package dev.sluice.core.nft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.sys.Errno;
import org.junit.jupiter.api.Test;

class NftExceptionTest {

  private static final int[] LACKS = {Errno.EOPNOTSUPP, Errno.ENOENT};

  /** As libnftables 1.0.6 says it of a chain. */
  private static String refused(int errno) {
    return """
      line 3:3-9: Error: Could not process rule: %s
        chain c {
              ^
      """
        .formatted(Errno.of(errno).localText())
        .strip();
  }

  private static boolean isLack(String errors) {
    return new NftException("probe", errors).isOnly(LACKS);
  }

  @Test
  void isKnownByItsWords() {
    assertThat(isLack(refused(Errno.EOPNOTSUPP))).isTrue();
    assertThat(isLack(refused(Errno.ENOENT))).isTrue();
    assertThat(isLack(refused(Errno.EPERM))).isFalse();
    assertThat(isLack(refused(Errno.ENOBUFS))).isFalse();
  }

  @Test
  void everyErrorHasToBeOne() {
    assertThat(isLack(refused(Errno.ENOENT) + "\n" + refused(Errno.EOPNOTSUPP))).isTrue();
    assertThat(isLack(refused(Errno.ENOENT) + "\n" + refused(Errno.EPERM))).isFalse();
  }

  @Test
  void whatTheLibraryRefusesOfItselfHasNoErrno() {
    assertThat(isLack("line 1:1-3: Error: syntax error, unexpected string\nfoo\n^^^")).isFalse();
    assertThat(isLack("")).isFalse();
  }
}
