package dev.sluice.core.error;

import java.util.List;

/**
 * The kernel, the host or the chosen datapath lacks what a topology asks for; every lack is named.
 */
public final class UnsupportedFeatureException extends SluiceException {

  private static final long serialVersionUID = 1L;

  /**
   * {@code lacks}: one sentence each, naming the field or feature, and the config option or package
   * that gives it.
   */
  public UnsupportedFeatureException(String what, List<String> lacks) {
    super(Category.ENVIRONMENT, what + ":\n  " + String.join("\n  ", lacks));
  }
}
