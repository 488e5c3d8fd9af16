package dev.sluice.bench.wire;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.bench.report.Environment;
import dev.sluice.bench.report.Results.Device;
import java.util.List;
import java.util.Map;

/** All that a peer can be asked for; each is answered by a {@link Reply}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Request.Describe.class, name = "describe"),
  @JsonSubTypes.Type(value = Request.Up.class, name = "up"),
  @JsonSubTypes.Type(value = Request.Serve.class, name = "serve"),
  @JsonSubTypes.Type(value = Request.Down.class, name = "down")
})
sealed interface Request {

  /** What are you? Answered by a {@link Description}. */
  record Describe() implements Request {}

  /** Brings one endpoint up on a datapath, or without any as the reference is. */
  record Up(String candidate, EndSpec spec) implements Request {}

  /**
   * Runs the server's half of one slice; answered twice: by a {@link Listening} once somebody
   * listens, and by what was {@link Counted} when it is over.
   *
   * @param port 0: where the kernel chooses
   */
  record Serve(String workload, String address, int port, long millis) implements Request {}

  /** Takes down what is up. */
  record Down() implements Request {}

  /**
   * The other host.
   *
   * @param parent its device on the wire
   * @param device what that is like
   * @param cpu that its half runs on
   * @param lacks of each datapath, what its kernel does not have for that
   */
  record Description(
      Environment environment,
      String parent,
      Device device,
      int cpu,
      Map<String, List<String>> lacks) {}

  /** Where the server listens. */
  record Listening(int port) {}

  /** What the server counted: of a stream the payload, and the nanoseconds in which it came. */
  record Counted(long bytes, long nanos) {}

  /**
   * The answer to a request.
   *
   * @param error what went wrong; empty: nothing
   * @param category of the error, as {@code SluiceException} has them
   * @param result of what type depends on the request
   */
  record Reply(String error, String category, JsonNode result) {}
}
