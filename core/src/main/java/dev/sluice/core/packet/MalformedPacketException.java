package dev.sluice.core.packet;

import dev.sluice.core.error.SluiceException;

/** Bytes are not the packet that they were read as; the message names the header and the fault. */
public final class MalformedPacketException extends SluiceException {

  private static final long serialVersionUID = 1L;

  MalformedPacketException(String message) {
    super(Category.TRANSIENT, message);
  }
}
