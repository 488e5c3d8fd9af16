package dev.sluice.core.netlink;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.netlink.codec.AttributeNames;
import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.ErrorMessage;
import dev.sluice.core.netlink.codec.NetlinkMessage;
import dev.sluice.core.sys.Errno;
import java.util.OptionalInt;

/**
 * The kernel refused a request: {@code create bridge sbred: EEXIST (File exists): kernel says "..."
 * (at IFLA_IFNAME)}.
 */
public final class NetlinkException extends SluiceException {

  private static final long serialVersionUID = 1L;

  private final transient Errno errno;

  NetlinkException(Request request, ErrorMessage answer) {
    this(request, answer, Errno.of(answer.error()));
  }

  private NetlinkException(Request request, ErrorMessage answer, Errno errno) {
    super(errno.category(), message(request, answer, errno));
    this.errno = errno;
  }

  private static String message(Request request, ErrorMessage answer, Errno errno) {
    String attribute = attribute(request, answer);
    return request
        + ": "
        + errno
        + answer.text().map(text -> ": kernel says \"" + text + "\"").orElse("")
        + (attribute.isEmpty() ? "" : " (" + attribute + ")");
  }

  /** Names the attribute that an offset or a type stands for; empty if the answer has neither. */
  private static String attribute(Request request, ErrorMessage answer) {
    AttributeNames names = request.layout().names();
    if (answer.missingType().isPresent() && answer.missingNest().isEmpty()) {
      return names.name(answer.missingType().getAsInt()) + " is missing";
    }
    OptionalInt place = answer.missingNest().isPresent() ? answer.missingNest() : answer.offset();
    int start = request.layout().headerLength();
    if (place.isEmpty() || request.payload().length() < start) {
      return "";
    }
    ByteView attributes = request.payload().from(start);
    return names
        .pathAt(attributes, place.getAsInt() - NetlinkMessage.HEADER - start)
        .map(path -> answer.missingNest().isPresent() ? missingIn(path, answer) : "at " + path)
        .orElse("");
  }

  private static String missingIn(String path, ErrorMessage answer) {
    return "in " + path + " attribute " + answer.missingType().orElse(0) + " is missing";
  }

  public Errno errno() {
    return errno;
  }
}
