package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.nft.NftScript;
import dev.sluice.core.nft.NftTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** nftables tables of the node; ours by name. */
final class NftTableKind implements Kind<NftTable> {

  @Override
  public Class<NftTable> type() {
    return NftTable.class;
  }

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {
    here.tables().forEach(ours);
  }

  @Override
  public Optional<String> foreign(World world, NftTable wanted) {
    return Optional.empty();
  }

  @Override
  public boolean updatable(NftTable from, NftTable to) {
    return true;
  }

  @Override
  public List<Action> create(NftTable table) {
    return inTurn(table, NftScript.make(table));
  }

  @Override
  public List<Action> update(NftTable from, NftTable to) {
    return inTurn(to, NftScript.change(from, to));
  }

  @Override
  public List<Action> delete(NftTable table) {
    return inTurn(table, NftScript.delete(table));
  }

  private static List<Action> inTurn(NftTable table, List<NftTransaction> transactions) {
    List<Action> out = new ArrayList<>();
    for (NftTransaction commands : transactions) {
      Phase phase = out.isEmpty() ? Phase.FILTER : Phase.FILTER_LAST;
      out.add(new Action.Nft(table.netns(), phase, commands));
    }
    return out;
  }
}
