using System.Reflection;
using System.Text;
using Pontual.TestKit;
using Shouldly;

namespace Pontual.Engine.Tests.House;

public class PublicApiTests
{
    /// <summary>Set to 1 to write the lists anew: <c>PONTUAL_WRITE_PUBLIC_API=1 dotnet test tests/Pontual.Engine.Tests --filter PublicApi</c>.</summary>
    private const string Rewrite = "PONTUAL_WRITE_PUBLIC_API";

    [Theory]
    [InlineData("Pontual.Scheduling")]
    [InlineData("Pontual.Engine")]
    public void What_is_public_is_what_the_list_says(string assembly)
    {
        var list = Repository.Path($"src/{assembly}/PublicApi.txt");
        var now = Describe(Assembly.Load(assembly));
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
        {
            File.WriteAllText(list, now);
        }

        now.ShouldBe(
            File.ReadAllText(list),
            $"A change of the public surface is a decision: set {Rewrite}=1, run again, and commit the list."
        );
    }

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(type.FullName).Append('\n');
            var members = type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(IsWrittenByUs)
                .Select(Text)
                .Order(StringComparer.Ordinal);
            foreach (var member in members)
            {
                text.Append("  ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static bool IsWrittenByUs(MemberInfo member) =>
        member is not MethodInfo { IsSpecialName: true }
        && member is not Type
        && !member.Name.Contains('<', StringComparison.Ordinal)
        && member.Name
            is not ("Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "PrintMembers" or "EqualityContract" or "value__");

    private static string Text(MemberInfo member) =>
        member switch
        {
            MethodBase method =>
                $"{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => Name(parameter.ParameterType)))})"
                    + (method is MethodInfo called ? $": {Name(called.ReturnType)}" : ""),
            PropertyInfo property =>
                $"{property.Name}: {Name(property.PropertyType)}{(property.CanRead ? " get" : "")}{(property.CanWrite ? " set" : "")}",
            FieldInfo field => $"{field.Name}: {Name(field.FieldType)}",
            _ => member.ToString()!,
        };

    private static string Name(Type type)
    {
        if (!type.IsGenericType)
        {
            return type.Name;
        }

        var name = type.Name.Split('`')[0];
        return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
