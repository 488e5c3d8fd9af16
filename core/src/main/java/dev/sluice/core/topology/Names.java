package dev.sluice.core.topology;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the names of a topology may be. Each rule answers what is wrong with a name and what would
 * be right, as the end of a sentence that starts with the name; or nothing.
 */
final class Names {

  /** {@code IFNAMSIZ} less the closing zero. */
  private static final int MAX_INTERFACE_BYTES = 15;

  /** {@code NAME_MAX}. */
  private static final int MAX_FILE_BYTES = 255;

  private static final int MAX_SUBDOMAIN = 253;

  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern LABEL_WORD =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
  private static final Pattern PORT_NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  private Names() {}

  /** A DNS label: RFC 1123 section 2.1, in lower case as Kubernetes has it. */
  static Optional<String> dnsLabel(String name) {
    return wrongUnless(
        DNS_LABEL.matcher(name).matches(),
        "is no DNS label; give 1 to 63 of a-z, 0-9 and '-', with a letter or digit at both ends");
  }

  /** What {@code dev_valid_name} of {@code net/core/dev.c} takes, and a little less. */
  static Optional<String> interfaceName(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < 1 || bytes.length > MAX_INTERFACE_BYTES || !isUtf8(name)) {
      return Optional.of(
          "is no interface name: it has "
              + bytes.length
              + " bytes; give 1 to "
              + MAX_INTERFACE_BYTES);
    }
    if (name.equals(".") || name.equals("..")) {
      return Optional.of("is no interface name, as it is one in every directory; give another");
    }
    for (byte b : bytes) {
      int c = b & 0xff;
      // The kernel reads bytes as Latin-1: 0xa0, a part of 'à' in UTF-8, is a space to it.
      if (c <= ' ' || c == 0x7f || c == 0xa0 || c == '/' || c == ':') {
        return Optional.of(
            "is no interface name; leave out '/', ':', whitespace and control characters");
      }
    }
    if (name.indexOf('%') >= 0) {
      return Optional.of("is a pattern to the kernel, which fills in a number for '%d'; no '%'");
    }
    return switch (name) {
      case "lo" -> Optional.of("is the loopback interface of every namespace; give another name");
      case "all", "default" ->
          Optional.of(
              "stands for all interfaces or later ones in /proc/sys/net/ipv4/conf; give another"
                  + " name");
      default -> Optional.empty();
    };
  }

  /** The name of an interface that nftables has to match packets by. */
  static Optional<String> matchedInterface(String name) {
    return interfaceName(name)
        .or(
            () ->
                wrongUnless(
                    name.chars().noneMatch(c -> c == '"' || c == '*' || c == '\\'),
                    "cannot be told to nftables, to which '\"', '*' and '\\' mean something else;"
                        + " give the interface another name"));
  }

  /** A file in the node's directory of namespace names. */
  static Optional<String> netnsName(String name) {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length < 1 || length > MAX_FILE_BYTES || !isUtf8(name)) {
      return Optional.of(
          "is no namespace name: it has " + length + " bytes; give 1 to " + MAX_FILE_BYTES);
    }
    return wrongUnless(
        !name.equals(".")
            && !name.equals("..")
            && name.codePoints().noneMatch(c -> c == '/' || Character.isISOControl(c)),
        "is no namespace name, as it is no file name; no '/', no control character, not '.' or"
            + " '..'");
  }

  /** The key of a Kubernetes label: an optional DNS subdomain and '/', then a word. */
  static Optional<String> labelKey(String key) {
    int slash = key.indexOf('/');
    return wrongUnless(
        (slash < 0 || isSubdomain(key.substring(0, slash)))
            && LABEL_WORD.matcher(key.substring(slash + 1)).matches(),
        "is no label key; give 1 to 63 of letters, digits, '-', '_' and '.', with a letter or"
            + " digit at both ends, and before it a DNS subdomain and '/' if need be");
  }

  /** The value of a Kubernetes label. */
  static Optional<String> labelValue(String value) {
    return wrongUnless(
        value.isEmpty() || LABEL_WORD.matcher(value).matches(),
        "is no label value; give at most 63 of letters, digits, '-', '_' and '.', with a letter"
            + " or digit at both ends");
  }

  /** A service name: RFC 6335 section 5.1, in lower case as Kubernetes has it. */
  static Optional<String> portName(String name) {
    return wrongUnless(
        name.length() <= 15
            && PORT_NAME.matcher(name).matches()
            && name.chars().anyMatch(c -> c >= 'a' && c <= 'z'),
        "is no port name; give 1 to 15 of a-z, 0-9 and single '-' between them, with a letter"
            + " among them");
  }

  /** A DNS subdomain of any label length, as Kubernetes names most objects. */
  static Optional<String> dnsSubdomain(String name) {
    return wrongUnless(
        name.length() <= MAX_SUBDOMAIN && SUBDOMAIN.matcher(name).matches(),
        "is no DNS subdomain; give 1 to 253 of a-z, 0-9, '-' and '.', with a letter or digit at"
            + " both ends and beside each '.'");
  }

  /** The one version of a format that is read. */
  static Optional<String> version(String text, String right) {
    return wrongUnless(text.equals(right), "is not a version that is known; give " + right);
  }

  private static boolean isSubdomain(String text) {
    if (text.length() > MAX_SUBDOMAIN) {
      return false;
    }
    for (String label : text.split("\\.", -1)) {
      if (!DNS_LABEL.matcher(label).matches()) {
        return false;
      }
    }
    return true;
  }

  /** An escape in the file can give half of a surrogate pair, which has no bytes. */
  private static boolean isUtf8(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static Optional<String> wrongUnless(boolean right, String wrong) {
    return right ? Optional.empty() : Optional.of(wrong);
  }
}
