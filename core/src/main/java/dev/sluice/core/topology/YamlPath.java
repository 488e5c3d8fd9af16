package dev.sluice.core.topology;

import java.util.regex.Pattern;

/** Where a value is in its document, put in words only when asked: {@code spec.networks[0].mtu}. */
final class YamlPath {

  static final YamlPath ROOT = new YamlPath("", -1);

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9]{1,32}");

  private final YamlPath parent;
  private final String key;
  private final int index;

  private YamlPath(String key, int index) {
    this.parent = this;
    this.key = key;
    this.index = index;
  }

  private YamlPath(YamlPath parent, String key, int index) {
    this.parent = parent;
    this.key = key;
    this.index = index;
  }

  /** The value of a key of this mapping. */
  YamlPath key(String name) {
    return new YamlPath(this, name, -1);
  }

  /** An item of this list, counted from 0. */
  YamlPath item(int number) {
    return new YamlPath(this, "", number);
  }

  /** A message about what is here. */
  String before(String message) {
    return isRoot() ? message : this + ": " + message;
  }

  private boolean isRoot() {
    return parent == this;
  }

  @Override
  public String toString() {
    if (isRoot()) {
      return "";
    }
    if (index >= 0) {
      return parent + "[" + index + "]";
    }
    String word = PLAIN.matcher(key).matches() ? key : Text.quote(key);
    return parent.isRoot() ? word : parent + "." + word;
  }
}
