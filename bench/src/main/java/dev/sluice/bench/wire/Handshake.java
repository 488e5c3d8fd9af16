package dev.sluice.bench.wire;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.error.UnsupportedFeatureException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How both ends of a control connection show that they know the token, and that they are of one
 * version: each answers the other's random number with an HMAC (RFC 2104) under the token, which
 * itself is never sent. What goes over the connection afterwards is neither secret nor signed.
 */
final class Handshake {

  /** A stranger is heard no longer, and no longer message of one. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int LARGEST = 1024;
  private static final String ALGORITHM = "HmacSHA256";
  private static final int NONCE_BYTES = 16;

  private Handshake() {}

  /** What the peer says first; {@code refusal}: why it hears no more, else empty. */
  record Greeting(String version, String nonce, String refusal) {}

  /** What the client answers; {@code proof} that it has the token. */
  record Introduction(String version, String nonce, String proof) {}

  /** What the peer says last; {@code refusal}: why it hears no more, else empty. */
  record Welcome(String proof, String refusal) {}

  /** A token that nobody guesses. */
  static String freshToken() {
    return random();
  }

  /**
   * The peer's side.
   *
   * @throws IOException if the client is none that may go on
   */
  static void accept(Line line, String token, String version) throws IOException {
    Greeting greeting = new Greeting(version, random(), "");
    line.send(greeting);
    Introduction client = line.receive(Introduction.class, LARGEST, PATIENCE);
    String said = greeting.nonce + client.nonce;
    if (!same(client.proof, proof(token, "client", said))) {
      line.send(new Welcome("", "wrong token"));
      throw new IOException("wrong token");
    }
    if (!version.equals(client.version)) {
      line.send(new Welcome("", "another version"));
      throw new IOException("it is " + client.version + ", and not " + version);
    }
    line.send(new Welcome(proof(token, "peer", said), ""));
  }

  /** Sends a client away that would have to wait for another. */
  static void refuse(Line line, String version) throws IOException {
    line.send(new Greeting(version, "", "it serves another comparison; wait until that is over"));
  }

  /**
   * The client's side.
   *
   * @param peer its address, for messages
   */
  static void introduce(Line line, String token, String version, String peer) throws IOException {
    Greeting greeting = line.receive(Greeting.class, LARGEST, PATIENCE);
    if (!greeting.refusal.isEmpty()) {
      throw new SluiceException(
          Category.TRANSIENT,
          "the peer at %s refused: %s; nothing was touched".formatted(peer, greeting.refusal));
    }
    if (!version.equals(greeting.version)) {
      throw new UnsupportedFeatureException(
          "the peer at " + peer + " is of another version",
          List.of(
              "it is %s, this is %s: install one of them on both"
                  .formatted(greeting.version, version)));
    }
    String nonce = random();
    String said = greeting.nonce + nonce;
    line.send(new Introduction(version, nonce, proof(token, "client", said)));
    Welcome welcome = line.receive(Welcome.class, LARGEST, PATIENCE);
    if (!welcome.refusal.isEmpty()) {
      throw refused("the peer at %s refused: %s".formatted(peer, welcome.refusal));
    }
    if (!same(welcome.proof, proof(token, "peer", said))) {
      throw refused("what answers at %s does not know the token".formatted(peer));
    }
  }

  private static SluiceException refused(String what) {
    return new SluiceException(
        Category.PERMISSION,
        what + "; nothing was touched: give the token that sluice peer prints");
  }

  private static String random() {
    byte[] bytes = new byte[NONCE_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static String proof(String token, String role, String said) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return HexFormat.of()
          .formatHex(mac.doFinal((role + ' ' + said).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /** In a time that does not tell where they differ. */
  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
