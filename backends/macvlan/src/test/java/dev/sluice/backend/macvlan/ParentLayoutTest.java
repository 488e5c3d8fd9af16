package dev.sluice.backend.macvlan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.ObjectFile;
import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.kernel.MapContent.Sort;
import dev.sluice.bpf.kernel.MapEntries;
import dev.sluice.bpf.lib.Btf;
import dev.sluice.bpf.lib.MapShape;
import dev.sluice.bpf.lib.OpenObject;
import dev.sluice.bpf.render.Layout;
import dev.sluice.core.policy.DropReason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What C and Java share of the object {@code parent}, by its types. */
class ParentLayoutTest {

  private static final String PARENT = "parent";

  static final List<Layout> LAYOUTS = Layout.OF_ENDPOINTS;

  private static OpenObject open() {
    return OpenObject.open(PARENT, ObjectFile.read(PARENT));
  }

  @ParameterizedTest
  @FieldSource("LAYOUTS")
  void fieldsAreWhereTheObjectHasThem(Layout layout) {
    try (OpenObject object = open()) {
      Btf types = object.types();
      assertThat(layout.fields()).isEqualTo(types.members(layout.struct()));
      assertThat(types.structSize(layout.struct())).hasValue(layout.size());
    }
  }

  @Test
  void dropReasonsHaveTheNumbersOfTheObject() {
    Map<String, Integer> expected = new LinkedHashMap<>();
    for (DropReason reason : DropReason.values()) {
      expected.put("DROP_" + reason.name(), reason.number());
    }
    expected.put("DROP_REASONS", DropReason.values().length);
    expected.put("DROP_NOT", 255);
    try (OpenObject object = open()) {
      assertThat(object.types().constants("drop_reason")).containsExactlyEntriesOf(expected);
    }
  }

  /** Keys and values that are written have the size of the map's. */
  @Test
  void whatIsRenderedFitsTheMaps() {
    try (OpenObject object = open()) {
      List<MapContent> rendered = MacvlanBed.object().maps();
      assertThat(rendered.stream().map(MapContent::map)).contains("links");
      for (MapContent content : rendered) {
        fits(content, object.shape(content.map()));
      }
    }
  }

  private static void fits(MapContent content, MapShape shape) {
    MapEntries entries = content.entries();
    for (int i = 0; i < entries.size(); i++) {
      assertThat(entries.key(i).bytes()).as(content.map()).hasSize(shape.keySize());
      if (content.sort() != Sort.COUNTERS) {
        assertThat(entries.value(i).bytes()).as(content.map()).hasSize(shape.valueSize());
      }
    }
  }
}
