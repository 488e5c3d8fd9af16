package dev.sluice.core.topology;

import java.util.Optional;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * A parser that refuses what is nested too deep: it is a loop itself, but the composer that reads
 * from it recurses.
 */
final class ShallowParser implements Parser {

  /** Mappings and lists within one another; the contract itself needs 7. */
  static final int MAX_DEPTH = 64;

  private final Parser parser;
  private int depth;
  private Optional<Mark> last = Optional.empty();

  ShallowParser(Parser parser) {
    this.parser = parser;
  }

  @Override
  public boolean checkEvent(Event.ID choice) {
    try {
      return parser.checkEvent(choice);
    } catch (NumberFormatException e) {
      throw noCharacter(e);
    }
  }

  @Override
  public Event peekEvent() {
    try {
      return parser.peekEvent();
    } catch (NumberFormatException e) {
      throw noCharacter(e);
    }
  }

  @Override
  public boolean hasNext() {
    return parser.hasNext();
  }

  @Override
  public Event next() {
    Event event;
    try {
      event = parser.next();
    } catch (NumberFormatException e) {
      throw noCharacter(e);
    }
    switch (event.getEventId()) {
      case MappingStart, SequenceStart -> depth++;
      case MappingEnd, SequenceEnd -> depth--;
      default -> {}
    }
    if (depth > MAX_DEPTH) {
      throw new RefusedException(
          event.getStartMark(),
          "mappings and lists are nested deeper than " + MAX_DEPTH + " levels");
    }
    last = event.getEndMark();
    return event;
  }

  /** snakeyaml-engine 3.0.1 lets it out where an escape is beyond 31 bits. */
  private RefusedException noCharacter(NumberFormatException cause) {
    RefusedException refused =
        new RefusedException(
            last,
            "not YAML: after this place an escape in a string is no character; give one up to"
                + " \\U0010FFFF");
    refused.initCause(cause);
    return refused;
  }

  /** The text cannot be read any further, for a reason that the library does not know. */
  static final class RefusedException extends YamlEngineException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    RefusedException(Optional<Mark> at, String message) {
      super(message);
      this.line = at.map(m -> m.getLine() + 1).orElse(1);
      this.column = at.map(m -> m.getColumn() + 1).orElse(1);
    }

    int line() {
      return line;
    }

    int column() {
      return column;
    }
  }
}
