package dev.sluice.cli.command;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.sys.Users;

/** Asked for before anything else is done, so that a refusal comes before anything is touched. */
final class Privileges {

  private Privileges() {}

  static boolean present() {
    return Users.hasNetAdmin();
  }

  static void require(String command) {
    if (!present()) {
      throw new SluiceException(
          Category.PERMISSION,
          command
              + " needs root (CAP_NET_ADMIN and CAP_SYS_ADMIN); nothing was touched:"
              + " run it as root");
    }
  }
}
