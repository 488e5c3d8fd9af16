package dev.sluice.core.nft;

import dev.sluice.core.error.SluiceException;

/**
 * nftables refused some commands, all of which are then undone: the ruleset is as before. The
 * message has the library's words, with the rule they are about.
 */
public final class NftException extends SluiceException {

  private static final long serialVersionUID = 1L;

  public NftException(String operation, String errors) {
    super(Category.TRANSIENT, operation + ": nftables refused: " + errors);
  }
}
