/**
 * The foreign suite: 230 cases of Kubernetes NetworkPolicy, converted from <a
 * href="https://github.com/mattfenwick/cyclonus">cyclonus</a> (MIT, {@code LICENSE.cyclonus} among
 * the resources). Each case as topology files, one a step, and what has to pass. Pure: who sends
 * packets lives elsewhere.
 */
package dev.sluice.testkit.cyclonus;
